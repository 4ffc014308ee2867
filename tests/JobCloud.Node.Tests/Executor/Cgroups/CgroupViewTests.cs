using JobCloud.Node.Executor.Cgroups;

namespace JobCloud.Node.Tests.Executor.Cgroups;

public sealed class CgroupViewTests
{
    [Fact]
    public void Separately_mounted_v1_controllers_are_found()
    {
        var view = new CgroupView(
            """
            25 1 8:1 / / rw,relatime - ext4 /dev/vda rw
            31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            32 30 0:28 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
            35 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            """,
            "4:memory:/session/a\n2:cpuacct:/\n1:cpu:/\n0::/\n"
        );

        Assert.Equal("/sys/fs/cgroup/memory/session/a", view.V1Own("memory"));
        Assert.Equal("/sys/fs/cgroup/cpu", view.V1Own("cpu"));
        Assert.Equal("/sys/fs/cgroup/cpuacct", view.V1Own("cpuacct"));
        Assert.Null(view.V2Own);
    }

    [Fact]
    public void V1_controllers_mounted_together_share_a_directory()
    {
        var view = new CgroupView(
            "33 25 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n",
            "3:cpu,cpuacct:/user.slice\n"
        );

        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct/user.slice", view.V1Own("cpu"));
        Assert.Equal(view.V1Own("cpu"), view.V1Own("cpuacct"));
        Assert.Null(view.V1Own("memory"));
    }

    [Fact]
    public void The_v2_cgroup_of_a_user_session_is_found()
    {
        var view = new CgroupView(
            "29 22 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope\n"
        );

        Assert.Equal("/sys/fs/cgroup", view.V2Root);
        Assert.Equal(
            "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope",
            view.V2Own
        );
    }

    [Fact]
    public void Paths_in_a_container_are_relative_to_its_mount_root()
    {
        const string Mounts =
            "9 8 0:31 /docker/f00 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";

        Assert.Equal(
            "/sys/fs/cgroup/memory/job",
            new CgroupView(Mounts, "4:memory:/docker/f00/job\n").V1Own("memory")
        );
        Assert.Equal(
            "/sys/fs/cgroup/memory",
            new CgroupView(Mounts, "4:memory:/docker/f00\n").V1Own("memory")
        );
        Assert.Null(new CgroupView(Mounts, "4:memory:/docker/f00bar\n").V1Own("memory"));
    }

    [Fact]
    public void A_cgroup_outside_the_namespace_is_not_visible()
    {
        var view = new CgroupView(
            "29 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            "0::/../other\n"
        );

        Assert.Null(view.V2Own);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nonsense\n1 2 3 - cgroup2\n", "also nonsense\n")]
    public void Malformed_text_yields_no_cgroup(string mounts, string own)
    {
        var view = new CgroupView(mounts, own);

        Assert.Null(view.V2Own);
        Assert.Null(view.V1Own("memory"));
    }
}
