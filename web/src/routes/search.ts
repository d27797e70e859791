/** Reads a URL's search: what cannot be read is as if it were not there. */

type Reader<Value> = (given: unknown) => Value | undefined;

type Readers = Record<string, Reader<unknown>>;

type Search<Named extends Readers> = { [Name in keyof Named]?: Exclude<ReturnType<Named[Name]>, undefined> };

export function searchOf<Named extends Readers>(readers: Named) {
  return (given: Record<string, unknown>): Search<Named> =>
    Object.fromEntries(
      Object.entries(readers).flatMap(([name, read]) => {
        const value = read(given[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as Search<Named>;
}

/** Numbers too: the router reads `?q=42` as one. */
export const word: Reader<string> = (given) =>
  typeof given === "string" || typeof given === "number" ? String(given) : undefined;

export const oneOf =
  <const Value>(...values: Value[]): Reader<Value> =>
  (given) =>
    values.find((value) => value === given);
