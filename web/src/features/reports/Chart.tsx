/** A chart on a canvas. This file is loaded only where one is drawn: ECharts is large. */
import { useMantineColorScheme } from "@mantine/core";
import { BarChart, LineChart, SankeyChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type ECharts } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Report, ReportKind } from "../../api/reports";
import type { Property } from "../../api/types";
import classes from "./Reports.module.css";
import type { Drill, NameOf } from "./model";
import { chartOf, type Inks } from "./options";

register([BarChart, LineChart, SankeyChart, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

interface Props {
  kind: ReportKind;
  report: Report;
  property: Property;
  nameOf: NameOf;
  label: string;
  height: number;
  onDrill: (drill: Drill) => void;
  /** Gives the way to take a picture of it. */
  onPicture?: (take: () => string) => void;
}

export function Chart({ kind, report, property, nameOf, label, height, onDrill, onPicture }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const drill = useRef(onDrill);
  const { colorScheme } = useMantineColorScheme();
  useEffect(() => {
    drill.current = onDrill;
  }, [onDrill]);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = init(element, null, { renderer: "canvas" });
    chart.current = made;
    made.on("click", ({ data }) => {
      const { drill: found } = (data ?? {}) as { drill?: Drill };
      if (found) drill.current({ filterGroups: found.filterGroups, asOf: found.asOf });
    });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const option = chartOf(kind, report, property, nameOf, inksOf(place.current));
    if (option) chart.current?.setOption(option, { notMerge: true });
    onPicture?.(
      () =>
        chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: inksOf(place.current).ground }) ?? "",
    );
  }, [kind, report, property, nameOf, colorScheme, onPicture]);

  return <div ref={place} className={classes.chart} style={{ height }} role="img" aria-label={label} />;
}

function inksOf(element: HTMLElement | null): Inks {
  const style = getComputedStyle(element ?? document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    quiet: read("--ink3"),
    line: read("--line"),
    ground: read("--bg"),
    accent: read("--accent"),
    colorOf: (name) => {
      if (name?.startsWith("#")) return name;
      const sample = document.createElement("i");
      sample.dataset.color = name ?? "slate";
      document.body.append(sample);
      const color = getComputedStyle(sample).getPropertyValue("--c").trim();
      sample.remove();
      return color;
    },
  };
}
