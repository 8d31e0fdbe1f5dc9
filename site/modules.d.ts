/** Modules that the site's build makes. */
declare module "site:sdk" {
  /** The SDK's sources, by path below the package's folder. */
  export const sources: Readonly<Record<string, string>>;
}
