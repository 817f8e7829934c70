import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { notifier } from '../../main/app/notifications.ts';

describe('notifications', () => {
  function paper(supported = true, platform: NodeJS.Platform = 'linux') {
    const shown: object[] = [];
    const made: EventEmitter[] = [];
    let clicks = 0;
    const edges = {
      isSupported: () => supported,
      make: (options: object) => {
        const notification = Object.assign(new EventEmitter(), { show: () => shown.push(options) });
        made.push(notification);
        return notification as never;
      },
      icon: '/app.png',
      platform,
    };
    const notify = notifier(edges, () => {
      clicks++;
    });
    return { notify, shown, made, clicks: () => clicks };
  }

  test('are quiet, and a click is heard', () => {
    const { notify, shown, made, clicks } = paper();
    notify.show({ title: 'A prime of 1,000 digits', body: 'Found after 2 h' });
    expect(shown).toEqual([
      { title: 'A prime of 1,000 digits', body: 'Found after 2 h', silent: true, icon: '/app.png' },
    ]);
    made[0]?.emit('click');
    expect(clicks()).toBe(1);
  });

  test('where there are none nothing is shown', () => {
    const { notify, shown } = paper(false);
    notify.show({ title: 'x', body: 'y' });
    expect(shown).toEqual([]);
  });
});
