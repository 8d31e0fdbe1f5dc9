/**
 * Forms as browsers send them, `application/x-www-form-urlencoded`. Nothing in here traps, whatever the input, and everything
 * takes time linear in it.
 *
 * @module
 */
export { Form } from "./form/form";
