/** What an account told of a system by read-only calls. What is absent was not told. */
export interface Found {
  readonly region: string;
  readonly database: FoundDatabase;
  readonly cluster: string;
  readonly services: readonly FoundService[];
  /** Other regions that something in the account names, and where. */
  readonly otherRegions: readonly { readonly region: string; readonly seenIn: string }[];
  /** What could not be asked, and why. */
  readonly notAsked: readonly { readonly what: string; readonly why: string }[];
}

export interface FoundDatabase {
  readonly id: string;
  readonly engine: string;
  readonly multiAz: boolean;
  readonly instanceClass: string;
  readonly allocatedStorageGiB: number;
  readonly name?: string;
  readonly masterUser: string;
  readonly securityGroups: readonly string[];
  readonly subnetGroup?: string;
  /** Those of the subnet group, else of the instance and its standby. */
  readonly zones: readonly string[];
  /** With the parameters that a user has set. */
  readonly parameterGroup?: { readonly name: string; readonly parameters: { readonly [name: string]: string } };
  readonly publiclyAccessible: boolean;
  readonly deletionProtection: boolean;
  readonly retentionDays: number;
}

export interface FoundService {
  readonly name: string;
  readonly launchType?: string;
  readonly desiredCount: number;
  readonly memoryMiB?: number;
  readonly stopTimeoutS?: number;
  readonly logGroup?: string;
  /** Names only: a value may be a secret. */
  readonly environmentNames: readonly string[];
  /** What its users may call it by, the likeliest first. */
  readonly hosts: readonly string[];
  /** Of its target group. */
  readonly health?: { readonly path: string; readonly status: string };
}
