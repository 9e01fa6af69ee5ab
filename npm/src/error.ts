/** What went wrong, with a `code` as in the error bodies of the edges (`invalid_parameter`, `not_an_image`, …). */
export class DeckleError extends Error {
  override readonly name = 'DeckleError';
  constructor(
    readonly code: string,
    message: string,
    /** The status that an edge would answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}
