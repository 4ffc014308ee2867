using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Environments;

public sealed class DefinitionsActorTests() : TestKit(ScriptedJournal.Config)
{
    [Fact]
    public void A_change_that_the_store_cannot_write_is_refused_at_once_with_the_reason()
    {
        var actor = Start();
        Tell(actor, "ann", new DefinitionsMail { Define = Volume("first") });
        ExpectMsg<DefinitionsReply>();
        var full = new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13);
        Persistence
            .Instance.Apply(Sys)
            .JournalFor("")
            .Tell(new ScriptedJournal.FailNext(full), ActorRefs.NoSender);

        Watch(actor);
        Tell(actor, "ann", new DefinitionsMail { Define = Volume("second") });

        var refusal = ExpectMsg<Refusal>();
        Assert.Equal(RefusalCode.StoreUnavailable, refusal.Code);
        Assert.Contains("no space left", refusal.Message);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Created_and_deleted_definitions_survive_a_restart()
    {
        var first = Start();
        Tell(first, "ann", new DefinitionsMail { Define = Volume("kept") });
        Assert.Equal("ann", Assert.Single(ExpectMsg<DefinitionsReply>().Definitions).Owner);
        Tell(first, "bob", new DefinitionsMail { Define = Volume("gone") });
        ExpectMsg<DefinitionsReply>();
        Tell(first, "bob", new DefinitionsMail { Undefine = NoVolume("gone") });
        Assert.Empty(ExpectMsg<DefinitionsReply>().Definitions);
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        Tell(Start(), "ann", new DefinitionsMail { Read = Volumes("") });

        var kept = Assert.Single(ExpectMsg<DefinitionsReply>().Definitions);
        Assert.Equal(("kept", "ann"), (kept.Volume.Name, kept.Owner));
        Assert.True(kept.Created > 0);
    }

    [Fact]
    public void A_refused_request_has_a_code_and_changes_nothing()
    {
        var actor = Start();
        Tell(actor, "ann", new DefinitionsMail { Define = Volume("v") });
        ExpectMsg<DefinitionsReply>();

        Tell(actor, "bob", new DefinitionsMail { Undefine = NoVolume("v") });
        Assert.Equal(RefusalCode.NotAllowed, ExpectMsg<Refusal>().Code);
        Tell(actor, "bob", new DefinitionsMail { Define = new DefineRequest() });
        Assert.Equal(RefusalCode.Usage, ExpectMsg<Refusal>().Code);
        Tell(actor, "bob", new DefinitionsMail { Undefine = NoVolume("w") });
        Assert.Equal(RefusalCode.NotFound, ExpectMsg<Refusal>().Code);

        Tell(actor, "bob", new DefinitionsMail { Read = Volumes("v") });
        Assert.Single(ExpectMsg<DefinitionsReply>().Definitions);
        Tell(actor, "root", new DefinitionsMail { Undefine = NoVolume("v"), Admin = true });
        Assert.Empty(ExpectMsg<DefinitionsReply>().Definitions);
    }

    private IActorRef Start() =>
        Sys.ActorOf(
            DefinitionsActor.Props(
                "definitions",
                new DefinitionLimits { Allowed = ["/srv"] },
                TimeProvider.System,
                TestHome.NoDamage
            )
        );

    private void Tell(IActorRef actor, string by, DefinitionsMail message)
    {
        message.By = by;
        actor.Tell(message, TestActor);
    }

    private static DefineRequest Volume(string name) =>
        new()
        {
            Definition = new Definition
            {
                Volume = new VolumeDefinition
                {
                    Name = name,
                    Directory = "/srv",
                    MountPath = "/mnt",
                },
            },
        };

    private static UndefineRequest NoVolume(string name) =>
        new() { Kind = DefinitionKind.Volume, Name = name };

    private static DefinitionsRequest Volumes(string name) =>
        new() { Kind = DefinitionKind.Volume, Name = name };
}
