/** What makes a right answer, beside the status. */
export interface BodyRule {
  /** The JSON body has at least these members, compared by value, recursively. */
  readonly json?: { readonly [key: string]: unknown };
  /** The body has this text. */
  readonly includes?: string;
}

export interface HttpRequestSpec {
  readonly method: string;
  /** http://host/path: the host goes into the Host header (and TLS server name). */
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** Where to connect in place of resolving the host (a stage without DNS). */
export interface ConnectTo {
  readonly address: string;
  readonly port: number;
}

interface ProbeBase {
  /** Unique in a run; also the name of its evidence file, so `[a-z0-9-]+`. */
  readonly name: string;
  readonly intervalMs: number;
  readonly deadlineMs: number;
  /** A right answer later than this is `slow`. */
  readonly slowMs: number;
}

/** `fresh`: a new connection and look-up for each probe (a new user). `kept-alive`: one pool (an old user). */
export interface HttpProbeSpec extends ProbeBase {
  readonly kind: 'http';
  readonly connection: 'fresh' | 'kept-alive';
  readonly request: HttpRequestSpec;
  readonly connectTo?: ConnectTo;
  readonly expectStatus: number;
  readonly body?: BodyRule;
}

/**
 * Numbered acknowledged writes through the service, each read back. `{reference}` in the request's
 * URL and body stands for `<marker>-<six-digit number>`; in `readBackUrl` for what to look for: one reference,
 * or `<marker>-` for all of them (the route matches by prefix). The ledger is written before the
 * request is sent and after it is answered.
 */
export interface WriteProbeSpec extends ProbeBase {
  readonly kind: 'write';
  readonly marker: string;
  readonly request: HttpRequestSpec;
  readonly readBackUrl: string;
  readonly readBackHeaders?: { readonly [name: string]: string };
  readonly connectTo?: ConnectTo;
  /** Statuses by which the service says that nothing was written, e.g. 503. Any other non-2xx is indeterminate. */
  readonly refusedStatuses: readonly number[];
}

/** Asks the database itself whether it takes writes (not in recovery, not read-only), on a fresh connection. */
export interface SqlProbeSpec extends ProbeBase {
  readonly kind: 'sql';
  readonly databaseUrl: string;
}

export type ProbeSpec = HttpProbeSpec | WriteProbeSpec | SqlProbeSpec;
