using Akka.Actor;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Answers as a test says; to what it has no answer for it keeps silent.</summary>
public sealed class ScriptedActor(Func<object, object?> answer) : UntypedActor
{
    public static Props Of(Func<object, object?> answer) =>
        Props.Create(() => new ScriptedActor(answer));

    protected override void OnReceive(object message)
    {
        if (answer(message) is { } reply)
            Sender.Tell(reply);
    }
}
