import type { BodyRule } from './probe-spec.ts';

const SHOWN_LENGTH = 60;

/** Why the body breaks the rule, or `undefined` when it keeps it. Reasons begin with `body`. */
export function bodyProblem(body: string, rule: BodyRule): string | undefined {
  if (rule.includes !== undefined && !body.includes(rule.includes)) return `body lacks ${shown(rule.includes)}`;
  if (rule.json === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'body is not JSON';
  }
  return difference(value, rule.json, '');
}

/** Objects need at least the expected members; arrays and plain values must be equal. */
function difference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return mismatch(actual, expected, path);
    return firstProblem(expected.keys(), (i) => difference(actual[i], expected[i], `${path}[${i}]`));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return mismatch(actual, expected, path);
    return firstProblem(Object.keys(expected), (key) => {
      const member = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(actual, key)) return `body ${member} is missing`;
      return difference(actual[key], expected[key], member);
    });
  }
  return actual === expected ? undefined : mismatch(actual, expected, path);
}

function firstProblem<T>(items: Iterable<T>, check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const isObject = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mismatch(actual: unknown, expected: unknown, path: string): string {
  return `body${path === '' ? '' : ` ${path}`} is ${shown(actual)}, not ${shown(expected)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

/** Whether a probe's reason tells of a body that was read and lacks what was expected: one that is cut or no JSON does not. */
export const tellsOfLack = (reason: string): boolean => /^body (?!over |is not JSON)/.test(reason);
