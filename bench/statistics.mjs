// Small sums.

export const now = () => performance.now();

/** Of numbers; of an even count, the mean of the middle two. */
export const median = (values) => quantile(values, 0.5);

export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
