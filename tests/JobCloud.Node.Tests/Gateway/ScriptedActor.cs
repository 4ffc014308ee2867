using Akka.Actor;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Answers with a test's function; ignores messages for which that returns null.</summary>
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
