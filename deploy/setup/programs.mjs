// What weir and its tests run beside Node, and what each system's packages are called.
// `programs`: any one of them will do. `probes`: commands without quotes that must succeed; presence alone is enough without.
// `ubuntu` stands only where it differs from `debian`.

/** One frame of the demo's kind: it fails when the font, the filter or an encoder is not there. */
const demoFrame =
  'ffmpeg -v error -nostdin -f lavfi -i color=size=64x64 -f lavfi -i anullsrc -vf drawtext=text=0 -c:v libx264 -c:a libmp3lame -t 0.04 -f null -';

const hasElement = (element) => `gst-inspect-1.0 --exists ${element}`;

/** The same single package on every system. */
const everywhere = (name) => ({ debian: [name], fedora: [name], arch: [name], alpine: [name], macos: [name] });

const forRunning = [
  {
    programs: ['ffmpeg'],
    purpose: 'makes the demo: H.264 by libx264, MP3 by libmp3lame, the time by drawtext and a font',
    probes: [demoFrame],
    packages: {
      debian: ['ffmpeg', 'fonts-dejavu-core'],
      fedora: ['ffmpeg', 'dejavu-sans-fonts'],
      arch: ['ffmpeg', 'ttf-dejavu'],
      alpine: ['ffmpeg', 'font-dejavu'],
      macos: ['ffmpeg-full'],
    },
  },
];

const forTesting = [
  { programs: ['nats-server'], purpose: 'the bus between the services', packages: everywhere('nats-server') },
  { programs: ['curl'], purpose: 'a listener', packages: everywhere('curl') },
  { programs: ['wget'], purpose: 'a listener', packages: everywhere('wget') },
  { programs: ['openssl'], purpose: 'makes keys, as the documentation tells', packages: everywhere('openssl') },
  // Of ffmpeg's package everywhere but where that is split.
  { programs: ['ffplay'], purpose: 'a listener', packages: { ...everywhere('ffmpeg'), alpine: ['ffplay'], macos: ['ffmpeg-full'] } },
  { programs: ['nginx'], purpose: 'a reverse proxy', packages: everywhere('nginx') },
  { programs: ['haproxy'], purpose: 'a load balancer', packages: everywhere('haproxy') },
  {
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    purpose: 'a listener',
    packages: { ...everywhere('chromium'), ubuntu: ['chromium-browser'] },
  },
  { programs: ['icecast2', 'icecast'], purpose: 'another server', packages: { ...everywhere('icecast'), debian: ['icecast2'] } },
  { programs: ['ezstream'], purpose: 'a source', packages: everywhere('ezstream') },
  { programs: ['ices2', 'ices'], purpose: 'a source', packages: { ...everywhere('ices'), debian: ['ices2'], alpine: ['ices2'] } },
  { programs: ['mpv'], purpose: 'a listener', packages: everywhere('mpv') },
  {
    programs: ['cvlc', 'vlc'],
    purpose: 'a listener',
    packages: { debian: ['vlc-bin', 'vlc-plugin-base'], fedora: ['vlc'], arch: ['vlc', 'vlc-plugins-all'], alpine: ['vlc'], macos: ['vlc'] },
  },
  {
    programs: ['gst-launch-1.0'],
    purpose: 'a listener and a source; GStreamer with its base, good, bad, ugly and libav plugins',
    probes: ['decodebin', 'souphttpsrc', 'shout2send', 'lamemp3enc', 'tsdemux', 'x264enc', 'avdec_h264'].map(hasElement),
    packages: {
      debian: [
        'gstreamer1.0-tools',
        'gstreamer1.0-plugins-base',
        'gstreamer1.0-plugins-good',
        'gstreamer1.0-plugins-bad',
        'gstreamer1.0-plugins-ugly',
        'gstreamer1.0-libav',
      ],
      fedora: [
        'gstreamer1',
        'gstreamer1-plugins-base',
        'gstreamer1-plugins-good',
        'gstreamer1-plugins-bad-free',
        'gstreamer1-plugins-ugly',
        'gstreamer1-plugin-libav',
      ],
      arch: ['gstreamer', 'gst-plugins-base', 'gst-plugins-good', 'gst-plugins-bad', 'gst-plugins-ugly', 'gst-libav'],
      alpine: ['gstreamer-tools', 'gst-plugins-base', 'gst-plugins-good', 'gst-plugins-bad', 'gst-plugins-ugly', 'gst-libav'],
      macos: ['gstreamer'],
    },
  },
  // Of one package everywhere.
  { programs: ['promtool'], purpose: 'checks the Prometheus rules', packages: { ...everywhere('prometheus'), fedora: ['golang-github-prometheus'] } },
  { programs: ['prometheus'], purpose: 'reads the metrics', packages: { ...everywhere('prometheus'), fedora: ['golang-github-prometheus'] } },
  { programs: ['lame'], purpose: 'an encoder', packages: everywhere('lame') },
  { programs: ['oggenc'], purpose: 'an encoder', packages: everywhere('vorbis-tools') },
  { programs: ['opusenc'], purpose: 'an encoder', packages: everywhere('opus-tools') },
  { programs: ['speexenc'], purpose: 'an encoder', packages: { ...everywhere('speex'), fedora: ['speex-tools'], alpine: ['speex-tools'] } },
  {
    programs: ['Xvfb'],
    purpose: 'a screen to capture',
    packages: { debian: ['xvfb'], fedora: ['xorg-x11-server-Xvfb'], arch: ['xorg-server-xvfb'], alpine: ['xvfb'], macos: ['xquartz'] },
  },
  { programs: ['pgrep'], purpose: 'counts processes', packages: { ...everywhere('procps-ng'), debian: ['procps'], macos: ['proctools'] } },
];

/** What has to be there to run weir's demo, or to test it. */
export function needsOf(purpose) {
  return purpose === 'test' ? [...forRunning, ...forTesting] : forRunning;
}
