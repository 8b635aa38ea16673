export interface Parameter {
  in?: string;
  name?: string;
  $ref?: string;
  example?: unknown;
}

/** The parts of an OpenAPI document that are worked on here, the same in 3.0 and 3.1. */
export interface Operation {
  operationId?: string;
  tags?: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: object;
  responses?: Record<string, object>;
}

export type Paths = Record<string, Record<string, Operation>>;

export interface Placed {
  method: string;
  path: string;
  operation: Operation;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'];

export function operationsIn(paths: Paths): Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] === undefined ? [] : [{ method, path, operation: item[method] }])),
  );
}

/** 'get', '/patches/{id}/before.png' → getPatchesByIdBeforePng: the same as long as the address is. */
export function operationIdOf(method: string, path: string): string {
  const words = path.split('/').flatMap((segment) => {
    const parameters = segment.replaceAll(/\{(\w+)\}/g, ' by $1 ');
    return parameters.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  });
  return method + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
