/** Components whose code is loaded when they are first drawn: dialogs, panels, what most visits do without. */
import { createElement, lazy, Suspense, type ComponentType } from "react";

/** Nothing stands in its place until it is there. */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function OnDemand(props: Props) {
    return createElement(Suspense, null, createElement<Props>(Loaded as ComponentType<Props>, props));
  };
}
