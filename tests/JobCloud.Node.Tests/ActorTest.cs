using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace JobCloud.Node.Tests;

/// <summary>A test kit whose waits outlast a busy machine.</summary>
/// <param name="config">Settings of the actor system besides the defaults.</param>
public abstract class ActorTest(string config = "")
    : TestKit(ConfigurationFactory.ParseString(Patience + config).WithFallback(DefaultConfig))
{
    /// <summary>Lets the test advance the timers of actors.</summary>
    protected const string ManualTimers =
        "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\n";

    protected const string Silent = "akka.loglevel = OFF\n";

    private const string Patience = """
        akka.test {
          single-expect-default = 60s
          default-timeout = 60s
          filter-leeway = 60s
        }

        """;
}
