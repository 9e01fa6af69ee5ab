export const bytes = (n: number): string => (n < 1000 ? `${n} B` : n < 999_500 ? `${(n / 1000).toFixed(n < 100_000 ? 1 : 0)} kB` : `${(n / 1e6).toFixed(n < 1e7 ? 2 : 1)} MB`);
export const ms = (n: number): string => (n < 10 ? `${n.toFixed(1)} ms` : `${Math.round(n)} ms`);
export const size = ({ width, height }: { width: number; height: number }): string => `${width} × ${height}`;
