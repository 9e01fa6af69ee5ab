/** Follows a pointer from where it went down: `move` is given how far it has come, in pixels of the page. */
export function follow(event: PointerEvent, move: (dx: number, dy: number) => void, end: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  const target = event.currentTarget as HTMLElement;
  target.focus({ preventScroll: true });
  target.setPointerCapture(event.pointerId);
  const { clientX, clientY } = event;
  const moved = (next: PointerEvent) => move(next.clientX - clientX, next.clientY - clientY);
  const done = () => {
    target.removeEventListener('pointermove', moved);
    target.removeEventListener('pointerup', done);
    target.removeEventListener('pointercancel', done);
    end();
  };
  target.addEventListener('pointermove', moved);
  target.addEventListener('pointerup', done);
  target.addEventListener('pointercancel', done);
}

export const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
export const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
