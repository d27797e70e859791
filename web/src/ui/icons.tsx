/** The app's few icons, drawn on a 16 px grid with one line width. Decorative: the control that holds one has a name. */
import type { ReactNode } from "react";

export function Icon({ size = 16, children }: { size?: number; children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable="false"
    >
      {children}
    </svg>
  );
}

interface Props {
  size?: number;
}

export const ClockIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="8" cy="8" r="5.6" />
    <path d="M8 4.8V8l2 1.4" />
  </Icon>
);

export const CloseIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m4.5 4.5 7 7m0-7-7 7" />
  </Icon>
);

export const HomeIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M2.5 7.5 8 3l5.5 4.5M4 6.500v6.500h8V6.500" />
  </Icon>
);

export const SearchIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3 3" />
  </Icon>
);

export const PlusIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M8 3.500v9M3.5 8h9" />
  </Icon>
);

export const PencilIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m3 13 .6-2.6 7-7 2 2-7 7z" />
  </Icon>
);

export const MoreIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2" />
  </Icon>
);

export const ChevronIcon = (props: Props) => (
  <Icon {...props}>
    <path d="m5 6.5 3 3 3-3" />
  </Icon>
);

export const ArrowUpIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M8 12.500v-9m-3 3 3-3 3 3" />
  </Icon>
);

export const ArrowDownIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M8 3.500v9m-3-3 3 3 3-3" />
  </Icon>
);

export const TasksIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="8" cy="8" r="5.6" />
    <path d="m5.500 8.200 1.800 1.800 3.300-3.600" />
  </Icon>
);

export const GripIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01" strokeWidth="1.8" />
  </Icon>
);

export const PeopleIcon = (props: Props) => (
  <Icon {...props}>
    <circle cx="6" cy="5.5" r="2.2" />
    <path d="M2 12.500c.4-2.400 2-3.500 4-3.500s3.600 1.100 4 3.500m.4-9a2.100 2.100 0 0 1 0 4m1.100 2.100c1.500.3 2.300 1.300 2.500 2.900" />
  </Icon>
);

const OBJECT_PATHS: Record<string, ReactNode> = {
  leads: <path d="M2.5 3.500h11L9.5 8.500v4l-3 1.200v-5.200z" />,
  contacts: (
    <>
      <circle cx="8" cy="5.5" r="2.6" />
      <path d="M3 13.500c.5-2.8 2.5-4 5-4s4.5 1.2 5 4" />
    </>
  ),
  accounts: <path d="M3 13.500v-10h6v10m0-7h4v7m-11 0h12M5.5 6h1m-1 2.500h1m-1 2.500h1" />,
  deals: <path d="M3 5.500h10v7H3zm3 0v-2h4v2M3 8.800h10" />,
  products: <path d="m8 2.5 5 2.700v5.600l-5 2.7-5-2.700V5.200zm0 5.5 5-2.800M8 8 3 5.200M8 8v5.5" />,
};

/** The picture of an object; custom objects share one. */
export function ObjectIcon({ name, size = 18 }: { name: string; size?: number }) {
  return <Icon size={size}>{OBJECT_PATHS[name] ?? <path d="M3.5 3.500h9v9h-9z" />}</Icon>;
}
