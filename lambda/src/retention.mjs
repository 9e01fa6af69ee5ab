// Logs of Lambda@Edge land in the region that ran it, in a group that the first request there makes and that keeps everything. Once a
// day this sets how long each of them keeps.

import { CloudWatchLogsClient, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';

import { logError, logEvent } from './log.mjs';

/** Regions that run Lambda@Edge or may come to: those that every account has. */
export const REGIONS = [
  'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2',
  'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2',
];

/**
 * @param {object} options
 * @param {string} options.group  the name of the group in every region
 * @param {number} options.days
 * @param {string[]} [options.regions]
 * @param {import('@aws-sdk/client-cloudwatch-logs').CloudWatchLogsClientConfig} [options.client]
 * @returns {Promise<{set: string[], failed: string[]}>} regions; those without the group, or whose group keeps as long already, are in neither
 */
export async function setRetention({ group, days, regions = REGIONS, client = {} }) {
  const outcome = { set: [], failed: [] };
  const each = async (region) => {
    try {
      const logs = new CloudWatchLogsClient({ region, ...client });
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
      const found = logGroups.find(({ logGroupName }) => logGroupName === group);
      if (!found || found.retentionInDays === days) return;
      await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: days }));
      outcome.set.push(region);
    } catch (error) {
      logError('retention', { region, group, error });
      outcome.failed.push(region);
    }
  };
  await Promise.all(regions.map(each));
  return { set: outcome.set.sort(), failed: outcome.failed.sort() };
}

/** The one of the package. Environment: `GROUP`, `DAYS`. */
export const handler = async () => {
  const outcome = await setRetention({ group: process.env.GROUP, days: Number(process.env.DAYS) });
  logEvent('retention', outcome);
  if (outcome.failed.length > 0) throw new Error(`no retention in ${outcome.failed.join(', ')}`);
};
