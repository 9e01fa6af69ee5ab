// Amazon Rekognition as what sees into pictures: where faces are, and what is not to be shown.

import { DetectFacesCommand, DetectModerationLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { logError } from './log.mjs';
import { isTimeout } from './s3-store.mjs';

/** What Rekognition says of a picture that it cannot read, rather than of itself. */
const UNREADABLE = new Set(['InvalidImageFormatException', 'ImageTooLargeException', 'InvalidParameterException']);

/** Clients live as long as the process: they keep connections and credentials. */
const clients = new Map();

/**
 * @typedef {object} Detector
 * @property {(what: 'faces' | 'labels', picture: Uint8Array, minConfidence?: number) => Promise<Detected | 'missing' | 'timeout' | 'unavailable'>} detect
 *   `missing` where nothing can be told of the picture; never rejects
 *
 * @typedef {{faces: {left: number, top: number, width: number, height: number}[]} | {labels: {name: string, confidence: number}[]}} Detected
 */

/**
 * @param {import('./config.mjs').AwsConfig} aws
 * @param {import('@aws-sdk/client-rekognition').RekognitionClientConfig} options
 * @returns {Detector}
 */
export function rekognition(aws, options = {}) {
  return {
    async detect(what, picture, minConfidence) {
      const image = { Image: { Bytes: picture } };
      const command = what === 'faces' ? new DetectFacesCommand(image) : new DetectModerationLabelsCommand({ ...image, MinConfidence: minConfidence });
      try {
        const seen = await client(aws, options).send(command, { abortSignal: AbortSignal.timeout(aws.detectTimeoutMs) });
        return what === 'faces' ? { faces: (seen.FaceDetails ?? []).map(box) } : { labels: (seen.ModerationLabels ?? []).map(label) };
      } catch (error) {
        logError('detect', { what, error });
        if (UNREADABLE.has(error?.name)) return 'missing';
        return isTimeout(error) ? 'timeout' : 'unavailable';
      }
    },
  };
}

function client(aws, options) {
  const name = JSON.stringify([aws.detectorRegion, aws.connectTimeoutMs, options]);
  let found = clients.get(name);
  if (!found) {
    // one more attempt, as for S3: the function has 30 seconds for everything
    found = new RekognitionClient({ region: aws.detectorRegion, maxAttempts: 2, requestHandler: { connectionTimeout: aws.connectTimeoutMs }, ...options });
    clients.set(name, found);
  }
  return found;
}

function box({ BoundingBox: { Left = 0, Top = 0, Width = 0, Height = 0 } = {} }) {
  return { left: Left, top: Top, width: Width, height: Height };
}

/** A label that does not say how sure it is counts. */
function label({ Name = '', Confidence = 100 }) {
  return { name: Name, confidence: Confidence };
}
