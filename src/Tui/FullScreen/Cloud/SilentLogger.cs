using Akka.Event;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Stands where Akka.NET would write to the terminal, which the screens are on: before its
/// loggers have started and after they have ended.</summary>
internal sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message) { }
}
