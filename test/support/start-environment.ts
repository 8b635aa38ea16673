import { fileURLToPath } from 'node:url';

/**
 * For every `tuban` that a test starts: nothing of the tests is left in the user's own cache; compiled code, which
 * Node knows by its content, is shared among all of them, and is half of the time of a short command.
 */
export const startEnvironment = {
  TUBAN_CACHE: 'off',
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/compiled-for-tests', import.meta.url)),
};
