// Photon: decodes whole, ignores profiles; its WebP is lossless.
import { QUALITY, outputSize } from '../jobs.mjs';

export async function load(job) {
  if (job.format === 'webp') throw new Error('writes no lossy WebP');
  const photon = await import('@cf-wasm/photon');
  return {
    run(source, job) {
      const garbage = [];
      const keep = (image) => (garbage.push(image), image);
      try {
        let image = keep(photon.PhotonImage.new_from_byteslice(source));
        const size = { width: image.get_width(), height: image.get_height() };
        if (job.height) image = keep(cover(photon, image, size, job));
        const { width, height } = outputSize(job, size);
        image = keep(photon.resize(image, width, height, photon.SamplingFilter.Lanczos3));
        if (job.grey) photon.grayscale_human_corrected(image);
        return job.format === 'png' ? image.get_bytes() : image.get_bytes_jpeg(QUALITY);
      } finally {
        for (const image of garbage) image.free();
      }
    },
  };
}

/** The middle of the source in the shape of the job. */
function cover(photon, image, { width, height }, job) {
  const scale = Math.min(width / job.width, height / job.height);
  const [w, h] = [Math.round(job.width * scale), Math.round(job.height * scale)];
  const [x, y] = [(width - w) >> 1, (height - h) >> 1];
  return photon.crop(image, x, y, x + w, y + h);
}
