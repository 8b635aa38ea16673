/** Four neighbouring samples of a plane as float32, whatever they are stored as. */
// @ts-ignore: decorator
@inline
export function four<T>(at: usize): v128 {
  if (isFloat<T>()) return v128.load(at);
  return f32x4.convert_i32x4_u(v128.load_ext<u16>(at));
}

/** A float32 parameter in all lanes. */
// @ts-ignore: decorator
@inline
export function splat(at: usize, index: i32): v128 {
  return v128.load32_splat(at + ((<usize>index) << 2));
}
