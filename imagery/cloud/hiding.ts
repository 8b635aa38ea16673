/** What cloud or shadow does to the ground in a cell; 0: nothing. */

/** Hides it. */
export const HIDDEN = 1;
/** Changes its brightness a little: it is seen all the same. */
export const EDGE = 2;
