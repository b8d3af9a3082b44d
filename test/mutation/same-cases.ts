/** Every mutant meets the same cases of a property, and the first that fails is enough: nobody reads the smallest. */
import fc from "fast-check";

fc.configureGlobal({ seed: 1, endOnFailure: true });
