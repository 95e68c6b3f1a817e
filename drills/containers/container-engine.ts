import { getContainerRuntimeClient } from 'testcontainers';

/**
 * Why no container engine can be used, or `undefined` when one answers within `limitMs`. The limit holds for an engine
 * that takes connections and says nothing, too, on which the library itself waits for ever.
 */
export async function engineMissing(
  limitMs: number,
  ask: () => Promise<unknown> = getContainerRuntimeClient,
): Promise<string | undefined> {
  const late = AbortSignal.timeout(limitMs);
  const silence = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error('it did not answer')), { once: true });
  });
  try {
    await Promise.race([ask(), silence]);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `no container engine answered within ${limitMs / 1_000} s: ${why}`;
  }
}
