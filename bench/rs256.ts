/** A key pair that was made for this: its public key, in DER and Base64, and a token that its private key has signed. */
export const publicKey =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwAdXBIl076AslGU5wgUbhc8877fN4o8ZMuNGvXJ61pKIj/co74cdQO74" +
  "IuSg3O3yW5PqRdJUAn5mvaxgddKTcJeLcgdzDmmbFxje+qTneKW19Q+O794nhv8tzz329MD7kUE9c+/Wan7u4Ih2tzH1VjGFpxEF" +
  "ITRRJ7d5k41sxwhT9y2J9MSLAObnXM1QOuQsbuzD2j4fP1CsCnvoFb+6jM8lLbN1QN/rxQTKLKLoBmc/+ripkFb0v8lCFOtFSA9B" +
  "jxd1J1H40ytzgoIbVCOYhY9oK7Fhf9kQwbSg3MKm2hLSZTtGeA7ljx8EqEluZfoF1bXbg45q6jrRbhVlIDCEcQIDAQAB";

export const token =
  "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiJ1c2VyLTQ3MTEiLCJ" +
  "hdWQiOiJhcGkiLCJleHAiOjQxMDI0NDQ4MDAsInNjb3BlIjoicmVhZCB3cml0ZSJ9.thbmd_Adg-vOeJXwCQJnMKDwnMlGNy5NB4" +
  "VhYvoQmhjApbaFziAYJLvcZKcWs-eovlOqJ12JbYtEFACyL46ijNb97SGuBfgZHSVP8xMzbmM8c5xorNS1jAwK9LNtMtO4R60EfB" +
  "GUxN2fMSiA5YDPD9aGfSIDue0zc5K3Xq3Zh_zbdf7-yZEh6HRx5fSs-lc0gWq3zUpIrcftSvCxUtRMUkgAvPrTZfHKLU20Y6KID9" +
  "JGIWvPHNX0UMDHda4yRh9-K-a_dQ5uRoYxLZiEgU21O8ZqdSNfZTEf29FmmYfvdvXsYS0BVtRqtzcU8qJHXEW5PQ6EFLD8iJbYbP" +
  "xmcbJvzw";
