// What Envoy offers besides the ABI.
import { callForeignFunction, environment } from "proxy-wasm-as";
import {
  Expression,
  LifeSpan,
  PropertyType,
  attributes,
  clearRouteCache,
  compress,
  declareProperty,
  setFilterState,
  sign,
  signByPem,
  uncompress,
  verifySignature,
  verifySignatureByPem,
} from "proxy-wasm-as/assembly/envoy";
import { Caller } from "./caller";

const foreign = [
  "verify_signature",
  "sign",
  "compress",
  "uncompress",
  "expr_create",
  "expr_evaluate",
  "expr_delete",
  "declare_property",
  "set_envoy_filter_state",
  "clear_route_cache",
  "nope",
  "",
];

const expressions = ["request.path", "request.headers.size()", "1 / 0", "response.code == 200", "(", ""];

/** What Envoy offers besides the ABI. */
export function callEnvoy(caller: Caller): void {
  switch (caller.random(13)) {
    case 0:
      callForeignFunction(caller.pick(foreign), caller.bytes());
      break;
    case 1: {
      const packed = compress(caller.bytes());
      if (packed !== null) uncompress(packed);
      break;
    }
    case 2:
      uncompress(caller.bytes());
      break;
    case 3:
      if (caller.expression === null) caller.expression = Expression.compile(caller.pick(expressions));
      break;
    case 4: {
      const expression = caller.expression;
      if (expression === null) break;
      expression.evaluate();
      expression.isTrue();
      if (caller.random(4) == 0) expression.dispose();
      break;
    }
    case 5:
      verifySignature(caller.value(), caller.bytes(), caller.bytes(), caller.bytes());
      verifySignatureByPem("sha256", caller.value(), caller.bytes(), caller.bytes());
      break;
    case 6:
      sign("sha256", caller.bytes(), caller.bytes());
      signByPem(caller.value(), caller.value(), caller.bytes());
      break;
    case 7:
      declareProperty(
        caller.value(),
        caller.random(2) == 0,
        <PropertyType>caller.random(5),
        <LifeSpan>caller.random(4),
        caller.bytes(),
      );
      break;
    case 8:
      setFilterState(
        caller.random(2) == 0 ? "envoy.string" : caller.value(),
        caller.value(),
        <LifeSpan>caller.random(4),
      );
      break;
    case 9:
      clearRouteCache();
      break;
    case 10:
      attributes.request.header(caller.value());
      attributes.response.trailer(caller.value());
      attributes.metadata.text(caller.value(), caller.value());
      attributes.filterState.bytes(caller.value());
      break;
    case 11:
      attributes.upstream.address();
      attributes.connection.requestedServerName();
      attributes.node.metadata(caller.value());
      attributes.routeMetadata.number(caller.value(), caller.value());
      break;
    default:
      environment.entries();
  }
}
