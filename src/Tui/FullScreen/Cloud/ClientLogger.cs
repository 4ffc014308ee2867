using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Writes Akka.NET's warnings and errors to the UI's log.</summary>
internal sealed class ClientLogger
    : ReceiveActor,
        IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public ClientLogger()
    {
        var log = Context.System.Settings.Setup.Get<UiLog>().Value;
        Receive<LogEvent>(e =>
        {
            if (e.LogLevel() >= LogLevel.WarningLevel)
                log.Write($"{e.LogSource}: {e.Message}", e.Cause);
        });
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
    }
}
