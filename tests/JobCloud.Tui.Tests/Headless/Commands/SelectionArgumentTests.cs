using System.CommandLine;
using System.CommandLine.Parsing;
using JobCloud.Tui.Headless.Commands;
using JobCloud.Tui.Headless.Invocations;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless.Commands;

/// <summary>Every command that takes jobs takes a jid list, found by the catalogue.</summary>
public sealed class SelectionArgumentTests : CommandTest
{
    private const string Jid = "JID";
    private const string Jids = "JIDS";

    private static IEnumerable<CloudCommand> Commands() =>
        CommandCatalog
            .All.Select(entry => entry.Create())
            .SelectMany(command => command.Subcommands.OfType<CloudCommand>().Prepend(command));

    private static TheoryData<string> Taking(string argument) =>
        [
            .. Commands()
                .Where(command => command.Arguments.Any(one => one.Name == argument))
                .Select(command => command.FullName),
        ];

    public static TheoryData<string> OneJob => Taking(Jid);

    public static TheoryData<string> Jobs => Taking(Jids);

    /// <summary>The words of a command line with values for the other arguments.</summary>
    private static string[] Line(string name, string jobs)
    {
        var command = Commands().First(one => one.FullName == name);
        return
        [
            .. name.Split(' '),
            .. command.Arguments.Select(argument =>
                argument.Name switch
                {
                    Jid or Jids => jobs,
                    "STATUS" => "done",
                    "PORT" => "80",
                    _ => "x",
                }
            ),
        ];
    }

    /// <summary>Whether the command line is well-formed.</summary>
    private static bool IsAccepted(string name, string jobs)
    {
        var top = CommandCatalog.Find(name.Split(' ')[0])!.Create();
        var root = new Command("jobcloud") { top };
        return CommandLineParser.Parse(root, Line(name, jobs)).Errors.Count == 0;
    }

    [Theory]
    [MemberData(nameof(OneJob))]
    public void One_job_can_be_named_by_any_selection_of_one(string name)
    {
        foreach (var jobs in new[] { "last", "7", "label:x", "status:done", "map:7" })
            Assert.True(IsAccepted(name, jobs), jobs);
    }

    [Theory]
    [MemberData(nameof(OneJob))]
    public async Task Several_jobs_for_one_are_a_usage_error(string name)
    {
        Cloud.Status = _ => Statuses((7, 3, Status.Done));

        Assert.False(IsAccepted(name, "7-9"));
        Assert.Equal(2, (await RunAsync(Line(name, "last"))).Code);
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Jobs_can_be_named_by_every_item_of_batch_notation(string name)
    {
        string[] lists = ["3", "3,7-9", "last", "failed", "label:x", "status:done", "map:3"];
        foreach (var jobs in lists)
            Assert.True(IsAccepted(name, jobs), jobs);
        Assert.False(IsAccepted(name, "9-3"));
    }
}
