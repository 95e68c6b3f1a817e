/** The services that are called here, by the names in their endpoints. */
const SERVICES = 'ec2|ecs|elasticloadbalancing|fis|logs|monitoring|rds|ssm|sts|tagging';

/**
 * Domains in which AWS serves its APIs (AWS General Reference, service endpoints; the partitions of the SDK). Customers'
 * own machines, balancers and functions have names in them too, so each service is named.
 */
const DOMAINS = [
  ...['amazonaws\\.com', 'amazonaws\\.com\\.cn', 'amazonaws\\.eu', 'c2s\\.ic\\.gov', 'sc2s\\.sgov\\.gov'],
  ...['api\\.aws', 'api\\.amazonwebservices\\.(com\\.cn|eu)', 'api\\.aws\\.(ic\\.gov|scloud)'],
].join('|');

const REGION = '[a-z]+(-[a-z]+)+-\\d+';

/** The endpoint of a service in a region, or the interface endpoint of a VPC that leads to it. */
const REGIONAL = new RegExp(`^(vpce-[a-z0-9-]+\\.)?(${SERVICES})(-fips)?\\.${REGION}\\.(vpce\\.)?(${DOMAINS})$`);

const GLOBAL = /^sts\.amazonaws\.com$/;

/** Whether a host is AWS's own. */
export const isHostOfAws = (host: string): boolean => REGIONAL.test(host) || GLOBAL.test(host);

/** Those of the called hosts that are not; one that was called without TLS is written with its `http:`. */
export const strangeHosts = (hosts: Iterable<string>): string[] => [...hosts].filter((host) => !isHostOfAws(host));
