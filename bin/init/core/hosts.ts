/** A name of DNS and what it leads to, both in small letters and without the last dot. */
export interface DnsName {
  readonly name: string;
  readonly leadsTo: string;
}

/** What of a rule of a listener tells where it leads, as ELB describes it. */
export interface RuleSeen {
  readonly Actions?:
    | readonly {
        readonly TargetGroupArn?: string | undefined;
        readonly ForwardConfig?:
          | { readonly TargetGroups?: readonly { readonly TargetGroupArn?: string | undefined }[] | undefined }
          | undefined;
      }[]
    | undefined;
  readonly Conditions?:
    | readonly {
        readonly Field?: string | undefined;
        readonly Values?: readonly string[] | undefined;
        readonly HostHeaderConfig?: { readonly Values?: readonly string[] | undefined } | undefined;
      }[]
    | undefined;
}

/**
 * What users may call a service by: the hosts of the rules that lead to its target groups; without any, the names of DNS
 * that lead to the balancer, and the balancer's own name (`own`) last.
 */
export function hostsOfService(
  rules: readonly RuleSeen[],
  targetGroupArns: readonly string[],
  own: string,
  dnsNames: readonly DnsName[],
): string[] {
  const hosts = rules.filter((rule) => leadsTo(rule, targetGroupArns)).flatMap(hostsOfRule);
  if (hosts.length > 0) return [...new Set(hosts)];
  // An alias may lead to both its addresses: `dualstack.` stands before the balancer's name then.
  const named = dnsNames.filter(({ leadsTo: to }) =>
    [own.toLowerCase(), `dualstack.${own.toLowerCase()}`].includes(to),
  );
  return [...named.map(({ name }) => name), own.toLowerCase()];
}

const leadsTo = ({ Actions = [] }: RuleSeen, targetGroupArns: readonly string[]): boolean =>
  Actions.some(({ TargetGroupArn, ForwardConfig }) =>
    [TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)].some(
      (arn) => arn !== undefined && targetGroupArns.includes(arn),
    ),
  );

/** A pattern (`*.example.com`) is no host that could be asked. */
const hostsOfRule = ({ Conditions = [] }: RuleSeen): string[] =>
  Conditions.filter(({ Field }) => Field === 'host-header')
    .flatMap(({ Values = [], HostHeaderConfig }) => HostHeaderConfig?.Values ?? Values)
    .filter((host) => !/[*?]/.test(host));
