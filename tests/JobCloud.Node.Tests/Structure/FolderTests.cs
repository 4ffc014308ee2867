using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Tests.Structure.Cyclic.Above;
using JobCloud.Testing.Structure;

namespace JobCloud.Node.Tests.Structure;

public sealed class FolderTests
{
    [Fact]
    public void Folders_of_the_executor_form_no_cycles() =>
        Folders.FormNoCycles(typeof(Spawner).Assembly, "JobCloud.Node.Executor");

    [Fact]
    public void Folders_of_the_node_form_no_cycles() =>
        Folders.FormNoCycles(typeof(NodeHost).Assembly, "JobCloud.Node.Daemon");

    [Fact]
    public void A_cycle_of_folders_is_reported_with_the_types_that_cause_it()
    {
        var root = $"{typeof(FolderTests).Namespace}.Cyclic";

        var error = Assert.Throws<InvalidOperationException>(() =>
            Folders.FormNoCycles(typeof(Caller).Assembly, root)
        );

        Assert.Contains("Above -> Below\n    Caller uses Called\n", error.Message);
        Assert.Contains("Below -> Above\n    Called uses Caller\n", error.Message);
    }

    [Fact]
    public void A_known_dependency_is_allowed_only_while_it_closes_a_cycle()
    {
        var root = $"{typeof(FolderTests).Namespace}.Cyclic";
        var needed = new KnownDependency("Below", "Above", "");

        Folders.FormNoCycles(typeof(Caller).Assembly, root, needed);

        var idle = new KnownDependency("Above", "Elsewhere", "");
        Assert.Throws<InvalidOperationException>(() =>
            Folders.FormNoCycles(typeof(Caller).Assembly, root, needed, idle)
        );
    }
}
