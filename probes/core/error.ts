/**
 * Only the harness fails with an error. A system under drill that is down is a sample, and a
 * missed objective is a verdict; neither is ever thrown.
 */
export class KunrenError extends Error {
  override readonly name = 'KunrenError';
  /** Stable and matched by tests, e.g. `stage-not-ready`. */
  readonly code: string;
  /** One sentence: what is wrong, naming the field or thing and its value. */
  readonly problem: string;
  /** One sentence in the imperative: what the reader can do about it. */
  readonly remedy: string;

  constructor(code: string, problem: string, remedy: string, options?: { cause?: unknown }) {
    super(`${problem} Remedy: ${remedy} [${code}]`, options);
    this.code = code;
    this.problem = problem;
    this.remedy = remedy;
  }
}
