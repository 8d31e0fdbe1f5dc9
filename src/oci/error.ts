/** A fault of an image or a registry, in words for a person, with the remedy. */
export class OciError extends Error {
  override readonly name = "OciError";

  constructor(
    readonly code:
      | "reference" // the name of the image is not one
      | "module" // the file is no module that a host would take
      | "image" // the image is not one that Istio or Envoy Gateway would take
      | "credentials" // they are missing, refused, or cannot be read
      | "not-found" // the registry has no such image
      | "digest" // what came is not what was asked for
      | "tls" // the registry's certificate is not trusted, or it speaks no TLS
      | "file" // it could not be written here
      | "full" // the registry's disk
      | "registry" // the registry answered with something else that failed
      | "network", // it could not be reached
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
