export function SettingsView(_: { at: string | null }) {
  return null;
}
