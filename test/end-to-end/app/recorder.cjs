/**
 * Loaded into Electron before the app (`electron -r`): keeps what the app shows outside its windows, which Electron lets
 * nobody ask for, and lets a test use it. Only for the end-to-end steps on Electron.
 */

const { Tray, Notification, powerMonitor } = require('electron');

/** @type {{ menu: Electron.Menu | null, tooltip: string, notifications: { title: string, body: string }[] }} */
const kept = { menu: null, tooltip: '', notifications: [] };

const { setContextMenu, setToolTip } = Tray.prototype;
Tray.prototype.setContextMenu = function (menu) {
  kept.menu = menu;
  setContextMenu.call(this, menu);
};
Tray.prototype.setToolTip = function (text) {
  kept.tooltip = text;
  setToolTip.call(this, text);
};
const { show } = Notification.prototype;
Notification.prototype.show = function () {
  kept.notifications.push({ title: this.title, body: this.body });
  show.call(this);
};

/** @param {Electron.Menu | null | undefined} menu @returns {object[]} */
const entriesOf = (menu) =>
  (menu?.items ?? [])
    .filter(({ visible }) => visible)
    .map(({ type, label, enabled, checked, submenu }) => ({
      type,
      label,
      enabled,
      checked,
      submenu: type === 'submenu' ? entriesOf(submenu) : [],
    }));

/** @param {Electron.Menu | null | undefined} menu @param {string[]} labels */
function choose(menu, [label, ...rest]) {
  const item = menu?.items.find((each) => each.visible && each.label === label);
  if (!item) throw new Error(`The menu has no entry ${JSON.stringify(label)}.`);
  if (!item.enabled) throw new Error(`The entry ${JSON.stringify(label)} is disabled.`);
  if (rest.length > 0) choose(item.submenu, rest);
  else item.click();
}

Object.assign(globalThis, {
  nice19Recorder: {
    shown: () => ({ tooltip: kept.tooltip, menu: entriesOf(kept.menu), notifications: kept.notifications }),
    /** @param {string[]} labels */
    choose: (labels) => choose(kept.menu, labels),
    /** @param {{ idleSeconds?: number, onBattery?: boolean }} senses */
    sense: ({ idleSeconds, onBattery }) => {
      if (idleSeconds !== undefined) powerMonitor.getSystemIdleTime = () => idleSeconds;
      if (onBattery !== undefined) powerMonitor.isOnBatteryPower = () => onBattery;
    },
  },
});
