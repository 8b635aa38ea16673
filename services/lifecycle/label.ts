/** A name for people, Chinese first: the product's users read Chinese, its code English. */
export interface Label {
  zh: string;
  en: string;
}
