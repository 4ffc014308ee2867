using Google.Protobuf;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class AttemptCommandTests
{
    private static readonly ByteString Content = ByteString.CopyFromUtf8("content");

    [Fact]
    public void Parameters_of_the_element_and_the_job_are_inserted_into_the_command()
    {
        var group = Map("run {a} {b} ${HOME} {c}");
        group.Spec.Data.Add(new Parameter { Name = "b", Value = "two" });
        var order = Element(12, new Parameter { Name = "a", Value = "one" });
        Assert.Equal("run one two ${HOME} {c}", Bind(group, order).Command);
    }

    [Fact]
    public void A_file_parameter_sends_the_file_and_inserts_its_name()
    {
        var group = Map("cat {f} {g}");
        group.Spec.Data.Add(File("f", "shared.txt"));
        var start = Bind(group, Element(12, File("g", "own.txt")));
        Assert.Equal("cat shared.txt own.txt", start.Command);
        Assert.Equal(["shared.txt", "own.txt"], start.Files.Select(f => f.Name));
        Assert.All(start.Files, f => Assert.Equal(Content, f.Content));
    }

    [Fact]
    public void A_sent_file_is_found_from_any_working_directory()
    {
        var group = Map("cat {f} {g}");
        group.Spec.WorkingDirectory = "/project";
        group.Spec.Data.Add(File("f", "shared.txt"));
        var start = Bind(group, Element(12, File("g", "own.txt")));
        const string Own = "/home/attempts/0/12.2.d";
        Assert.Equal($"cat {Own}/shared.txt {Own}/own.txt", start.Command);
        Assert.Equal(["shared.txt", "own.txt"], start.Files.Select(f => f.Name));
        Assert.Contains(
            new Variable { Name = "JOBCLOUD_PARAM_f", Value = $"{Own}/shared.txt" },
            start.Environment
        );
    }

    [Fact]
    public void The_environment_identifies_the_attempt_and_its_node()
    {
        var group = Map("true");
        group.Spec.Label = "big";
        group.Spec.Cores = 3;
        group.Spec.Variables.Add(new Variable { Name = "MINE", Value = "x" });
        group.Spec.Variables.Add(new Variable { Name = "JOBCLOUD_JID", Value = "99" });
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["JOBCLOUD_JID"] = "12",
                ["JOBCLOUD_ATTEMPT"] = "2",
                ["JOBCLOUD_NODE"] = "n1",
                ["JOBCLOUD_SERVER"] = "unix:/s",
                ["JOBCLOUD_LABEL"] = "big",
                ["JOBCLOUD_CORES"] = "3",
                ["JOBCLOUD_MAP_INDEX"] = "2",
                ["MINE"] = "x",
            },
            Bind(group, Element(12)).Environment.ToDictionary(v => v.Name, v => v.Value)
        );
    }

    [Fact]
    public void A_single_job_has_no_map_index()
    {
        var group = Map("true");
        group.IsMap = false;
        Assert.DoesNotContain(
            Bind(group, Element(10)).Environment,
            v => v.Name == "JOBCLOUD_MAP_INDEX"
        );
    }

    [Fact]
    public void All_settings_for_the_executor_are_passed_on()
    {
        var group = Map("true");
        group.Spec = new JobSpec
        {
            Command = "true",
            Shell = "none",
            WorkingDirectory = "/w",
            ReturnFile = "r",
            MaxRuntimeMs = 60,
            Cores = 2,
            MemoryBytes = 7,
            Stdin = Content,
            EnvironmentDefinition = new EnvironmentDefinition { Name = "e", Setup = "true" },
            VolumeDefinitions = { new VolumeDefinition { Name = "v" } },
            IsolateNetwork = true,
            PublishedPorts = { new PublishedPort { Port = 80 } },
        };
        var start = Bind(group, Element(12));
        start.Environment.Clear();
        Assert.Equal(
            new StartProcess
            {
                Jid = 12,
                Attempt = 2,
                Command = "true",
                Shell = "none",
                WorkingDirectory = "/w",
                ReturnFile = "r",
                MaxRuntimeMs = 60,
                Cores = 2,
                MemoryBytes = 7,
                Stdin = Content,
                EnvironmentDefinition = new EnvironmentDefinition { Name = "e", Setup = "true" },
                Volumes = { new VolumeDefinition { Name = "v" } },
                IsolateNetwork = true,
                PublishedPorts = { new PublishedPort { Port = 80 } },
            },
            start
        );
    }

    [Fact]
    public void A_jobs_own_variables_override_its_environment_and_both_the_submitters()
    {
        var group = Map("true");
        var environment = new EnvironmentDefinition { Name = "e" };
        environment.Variables.Add(new Variable { Name = "A", Value = "of e" });
        environment.Variables.Add(new Variable { Name = "B", Value = "of e" });
        foreach (var name in new[] { "A", "B", "C", "JOBCLOUD_JID" })
            group.Spec.Exported.Add(new Variable { Name = name, Value = "exported" });
        group.Spec.EnvironmentDefinition = environment;
        group.Spec.Variables.Add(new Variable { Name = "A", Value = "own" });

        var start = Bind(group, Element(12));

        // The last value of a name wins.
        Assert.Equal("own", start.Environment.Last(v => v.Name == "A").Value);
        Assert.Equal("of e", start.Environment.Last(v => v.Name == "B").Value);
        Assert.Equal("exported", start.Environment.Last(v => v.Name == "C").Value);
        Assert.Equal("12", start.Environment.Last(v => v.Name == "JOBCLOUD_JID").Value);
        Assert.True(start.Exported);
        Assert.Empty(start.EnvironmentDefinition.Variables);
    }

    [Fact]
    public void An_empty_stdin_differs_from_none()
    {
        var group = Map("true");
        Assert.False(Bind(group, Element(12)).HasStdin);
        group.Spec.Stdin = ByteString.Empty;
        Assert.True(Bind(group, Element(12)).HasStdin);
    }

    private static StartProcess Bind(AttemptGroup group, AttemptOrder order) =>
        new AttemptCommand(group, "n1", "unix:/s", new("/home")).Bind(order).Value!;

    private static AttemptGroup Map(string command) =>
        new()
        {
            Spec = new JobSpec { Command = command },
            SubmissionFirst = 10,
            IsMap = true,
        };

    private static AttemptOrder Element(long jid, params Parameter[] parameters) =>
        new()
        {
            Jid = jid,
            Attempt = 2,
            Parameters = { parameters },
        };

    private static Parameter File(string name, string value) =>
        new()
        {
            Name = name,
            Value = value,
            File = Content,
        };
}
