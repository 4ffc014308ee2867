using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.Tests.Headless;

/// <summary>Every text that the cloud sends tries to control the terminal of the user.</summary>
public sealed class HostileTextTests : CommandTest
{
    private const string Hostile = "x\e]0;title\a\e[2J\u009b31m\u202Eexe\u2066\u200F\u007f\ry";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Info = _ => [Fill(new JobDetail { Jid = 3, Status = Status.Queued })];
        Cloud.Explain = _ => Fill(new ExplainReply { Jid = 3, Status = Status.Queued });
        Cloud.List = _ =>
            Fill(
                new ListReply
                {
                    Rows =
                    {
                        new JobRow { First = 3, Last = 3 },
                    },
                }
            );
        Cloud.Nodes = _ => Fill(new NodesReply { Nodes = { new NodeView() } });
        Cloud.Tokens = _ => Fill(new TokensReply { Tokens = { new Token() } });
        Cloud.Definitions = request =>
            Fill(new DefinitionsReply { Definitions = { new Definition { Environment = new() } } });
        Cloud.NodeStatus = () => Fill(new NodeStatusReply { Ready = true });
        Cloud.Config = () => Fill(new ConfigReply { Entries = { new ConfigEntry() } });
        Cloud.Events = _ => [new EventsReply { Events = { EventsOfAllKinds() } }];
        Cloud.Status = _ => throw ScriptedCloud.Refusal(RefusalCode.NotFound, Hostile);
        Cloud.Output = _ => throw ScriptedCloud.Refusal(RefusalCode.NotFound, Hostile);
        Cloud.Change = _ => throw ScriptedCloud.Refusal(RefusalCode.NotFound, Hostile);
        Cloud.Submit = _ => throw ScriptedCloud.Refusal(RefusalCode.Usage, Hostile);
        Cloud.Await = _ =>
            [
                Fill(
                    new AwaitReply
                    {
                        Finished = true,
                        Refusal = new Refusal { Jid = 3 },
                    }
                ),
            ];
    }

    [Theory]
    [InlineData("info 3 -o attributes,reason,node,syslog,pilog,profile,ports,terminals")]
    [InlineData("info 3 -o attempt,waiting_for,status,oom,timeline,result_size")]
    [InlineData("explain 3")]
    [InlineData("ls")]
    [InlineData("events 3")]
    [InlineData("events 3 -f")]
    [InlineData("nodes")]
    [InlineData("token ls")]
    [InlineData("env ls")]
    [InlineData("vol ls")]
    [InlineData("node status")]
    [InlineData("config")]
    [InlineData("join 3")]
    [InlineData("result 3")]
    [InlineData("result 3 -i")]
    [InlineData("logs 3")]
    [InlineData("kill 3")]
    [InlineData("status 3")]
    [InlineData("exec true")]
    public async Task No_text_of_others_controls_the_terminal(string line)
    {
        foreach (var format in new[] { "default", "no-header", "quiet", "json" })
        {
            var ran = await RunAsync(["-o", format, .. line.Split(' ')]);
            foreach (var written in new[] { ran.Output, ran.Error })
                Assert.True(
                    VisibleText.IsVisible(written.Replace("\n", "")),
                    $"{format}: {written}"
                );
        }
    }

    [Fact]
    public async Task The_output_of_a_job_is_passed_on_as_it_is()
    {
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 3,
                    Stdout = Hostile,
                    Attempt = 1,
                },
            ];
        Assert.Contains(Hostile, (await RunAsync("info", "3", "-o", "stdout")).Output);
    }

    private static IEnumerable<JobEvent> EventsOfAllKinds() =>
        from field in JobEvent.Descriptor.Oneofs.Single(o => o.Name == "fact").Fields
        select WithFact(field);

    private static JobEvent WithFact(FieldDescriptor field)
    {
        var made = new JobEvent { Jid = 3, At = 1_000_000 };
        field.Accessor.SetValue(made, field.MessageType.Parser.ParseFrom([]));
        return Fill(made);
    }

    /// <summary>Sets all texts of a message and of the messages in it, and gives each list of texts
    /// one.</summary>
    private static T Fill<T>(T message, int depth = 4)
        where T : IMessage
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
            Fill(message, field, depth);
        return message;
    }

    private static void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        var isMessage = field.FieldType == FieldType.Message;
        if (field.IsMap || (!isMessage && field.FieldType != FieldType.String))
            return;
        // A oneof keeps the member that the test chose.
        if (
            field.RealContainingOneof is { } oneof
            && oneof.Accessor.GetCaseFieldDescriptor(message) != field
        )
            return;
        if (isMessage && depth == 0)
            return;
        var value = field.Accessor.GetValue(message);
        if (value is IList list)
        {
            if (list.Count == 0)
                list.Add(isMessage ? field.MessageType.Parser.ParseFrom([]) : Hostile);
            if (isMessage)
                foreach (IMessage one in list)
                    Fill(one, depth - 1);
            return;
        }
        if (!isMessage)
        {
            field.Accessor.SetValue(message, Hostile);
            return;
        }
        var inner = (IMessage?)value ?? field.MessageType.Parser.ParseFrom([]);
        field.Accessor.SetValue(message, Fill(inner, depth - 1));
    }
}
