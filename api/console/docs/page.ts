import { currentKey, keepKey, takeKeyFromAddress } from '../session/key.ts';

/** The part of Swagger UI that is used here; its script sets the global. */
interface SwaggerUi {
  preauthorizeApiKey(scheme: string, key: string): void;
}
interface SwaggerUiBundle {
  (options: Record<string, unknown>): SwaggerUi;
  presets: { apis: unknown };
}
declare const SwaggerUIBundle: SwaggerUiBundle;

const document31 = new URL('openapi.json', document.baseURI).href;

/** Who has a session needs no key; who has neither is asked for one, since the description is for those who may ask. */
async function begin(): Promise<void> {
  takeKeyFromAddress();
  const key = currentKey();
  const response = await fetch(document31, { headers: key === null ? {} : { Authorization: `Bearer ${key}` } });
  if (response.ok) draw(withoutPrefilled(await response.json()), key);
  else askForKey(key === null ? '' : '密钥无效 The key is refused.');
}

interface Parameter {
  required?: boolean;
  example?: unknown;
  description?: string;
  schema?: { example?: unknown };
}
interface Described {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
}

/** An example of what may be left out is told, not filled in: all filters at once would find nothing. */
function withoutPrefilled(spec: Described): Described {
  for (const operation of Object.values(spec.paths).flatMap((item) => Object.values(item))) {
    for (const parameter of operation.parameters ?? []) {
      const example = parameter.example ?? parameter.schema?.example;
      if (parameter.required === true || example === undefined) continue;
      delete parameter.example;
      delete parameter.schema?.example;
      parameter.description = `${parameter.description ?? ''} 例 e.g. \`${String(example)}\``.trim();
    }
  }
  return spec;
}

function draw(spec: object, key: string | null): void {
  const ui = SwaggerUIBundle({
    spec,
    dom_id: '#operations',
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    // Nothing is asked of anybody else, and the browser's address bar names what is open.
    validatorUrl: null,
    deepLinking: true,
    filter: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    onComplete: () => key !== null && ui.preauthorizeApiKey('key', key),
  });
}

function askForKey(refusal: string): void {
  const form = document.querySelector<HTMLFormElement>('#key')!;
  document.querySelector('#key-refusal')!.textContent = refusal;
  form.hidden = false;
  form.querySelector('input')!.focus();
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      keepKey(form.querySelector('input')!.value.trim());
      form.hidden = true;
      void begin();
    },
    { once: true },
  );
}

void begin();
