export type { Activity, CommandConfiguration, Configuration, FeedConfiguration, FeedSource, StreamConfiguration } from './configuration.ts';
