/** Whether an ARN is one of those allowed: `*` stands for any run of characters, everything else for itself. */
export function matchesIdentity(arn: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literal.join('.*')}$`, 's').test(arn);
  });
}
