/** What jsdom lacks and the components ask for. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import "../src/texts/i18n";

class ResizeObserverStub {
  observe() {}
  unobserve() {}
  disconnect() {}
}

globalThis.ResizeObserver = ResizeObserverStub;
window.matchMedia = (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
window.scrollTo = () => {};
// Text areas that grow measure themselves again when a font has come.
Object.defineProperty(document, "fonts", {
  configurable: true,
  value: { addEventListener() {}, removeEventListener() {} },
});
Element.prototype.scrollIntoView = () => {};
// What is drawn has no size.
Object.defineProperty(SVGElement.prototype, "getBBox", { value: () => ({ x: 0, y: 0, width: 0, height: 0 }) });

Blob.prototype.arrayBuffer = function (this: Blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
};

// Lists show the rows that fit: jsdom lays nothing out, so say that there is room.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: 800 });
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, value: 1200 });

// Node's requests want whole addresses, and no signal of another realm.
const NodeRequest = globalThis.Request;
globalThis.Request = class extends NodeRequest {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    const address = typeof input === "string" ? new URL(input, "http://localhost") : input;
    super(address, { ...init, signal: null });
  }
};

afterEach(cleanup);

// A busy machine is no reason to fail.
configure({ asyncUtilTimeout: 15_000 });
