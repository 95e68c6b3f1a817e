/**
 * Domains in which AWS serves its APIs, interface endpoints of a VPC among them (AWS General Reference, service endpoints;
 * the partitions of the SDK).
 */
const DOMAINS =
  /\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/** Whether a host is AWS's own. */
export const isHostOfAws = (host: string): boolean => DOMAINS.test(host);
