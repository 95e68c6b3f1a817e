import type { Stage } from '../../fixtures/core/stage.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import type { BodyRule, ConnectTo, HttpRequestSpec } from '../../probes/core/probe-spec.ts';

/** Where a service's users send their requests on a stage. */
export interface ServiceAddress {
  readonly origin: string;
  /** Nothing where the stage has names of its own. */
  readonly connectTo: { readonly connectTo?: ConnectTo };
}

export function addressOf(stage: Stage, service: SystemService): ServiceAddress {
  const connectTo = stage.connectTo(service.host);
  return connectTo === undefined
    ? { origin: `https://${service.host}`, connectTo: {} }
    : { origin: `http://${service.host}`, connectTo: { connectTo } };
}

/** A request as the config writes it. */
interface ConfiguredRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly body?: string | undefined;
}

/** The same for a probe. */
export const requestTo = (origin: string, { method, path, headers, body }: ConfiguredRequest): HttpRequestSpec => ({
  method,
  url: `${origin}${path}`,
  ...(headers && { headers }),
  ...(body !== undefined && { body }),
});

/** A body rule for a probe; nothing without one. */
export function bodyOf(
  rule: { readonly json?: BodyRule['json'] | undefined; readonly includes?: string | undefined } | undefined,
): { readonly body?: BodyRule } {
  if (rule === undefined) return {};
  const { json, includes } = rule;
  return { body: { ...(json !== undefined && { json }), ...(includes !== undefined && { includes }) } };
}
