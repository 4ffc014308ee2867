using Akka.Event;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Discards what Akka.NET would write to the terminal before its loggers start and after
/// they stop: the UI is on that terminal.</summary>
internal sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message) { }
}
