/** sharp, loaded where it is needed: reading most images should not wait for a library of a third of a second. */
export async function pictureLibrary() {
  return (await import('sharp')).default;
}
