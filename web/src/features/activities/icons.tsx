/** The icons of what is written down about records, and of the marks in it. */
import { Icon } from "../../ui/icons";

interface Props {
  size?: number;
}

export const BellIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M4 11.500V7.500a4 4 0 0 1 8 0v4l1.200 1.500H2.800zM6.800 14.500h2.400" />
  </Icon>
);

export const BoldIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M5 3h3.800a2.400 2.400 0 0 1 0 4.800H5zm0 4.800h4.300a2.600 2.600 0 0 1 0 5.200H5z" strokeWidth="1.8" />
  </Icon>
);

export const ItalicIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M9.500 3 6.500 13M7.500 3h4M4.500 13h4" />
  </Icon>
);

export const ListIcon = (props: Props) => (
  <Icon {...props}>
    <path d="M6.500 4.500h7m-7 3.500h7m-7 3.500h7M3 4.500h.01M3 8h.01M3 11.500h.01" />
  </Icon>
);

const KIND_PATHS = {
  note: <path d="M3.500 2.500h9v8l-3 3h-6zm9 8h-3v3M6 5.500h4M6 8h2.500" />,
  call: (
    <path d="M3 3.500c0 5 4.500 9.500 9.500 9.500l.5-2.800-2.800-1.200-1.200 1.300A8 8 0 0 1 5.700 7L7 5.800 5.800 3z" />
  ),
  email: <path d="M2.500 4h11v8h-11zm0 .5L8 9l5.500-4.500" />,
  meeting: <path d="M3 4h10v9H3zm0 3h10M5.500 2.500v3m5-3v3" />,
  task: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="m5.500 8.200 1.800 1.800 3.300-3.600" />
    </>
  ),
};

/** The picture of what was done or is to be done about a record. */
export function KindIcon({ kind, size }: { kind: keyof typeof KIND_PATHS; size?: number }) {
  return <Icon size={size}>{KIND_PATHS[kind]}</Icon>;
}
