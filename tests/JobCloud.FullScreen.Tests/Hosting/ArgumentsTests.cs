using JobCloud.Tui.FullScreen.Hosting;

namespace JobCloud.FullScreen.Tests.Hosting;

public sealed class ArgumentsTests
{
    private static readonly Dictionary<string, string> TrueColor = new()
    {
        ["HOME"] = "/home/alice",
        ["TERM"] = "xterm-direct",
    };

    private static JobCloud.Protocol.Text.Parsed<Options> Read(
        Dictionary<string, string> environment,
        params string[] arguments
    ) =>
        Arguments.Read(
            arguments,
            environment.GetValueOrDefault,
            path => $"/here/{path}",
            UserConfig.None
        );

    [Fact]
    public void Without_arguments_the_local_node_is_used_and_can_be_started()
    {
        var options = Read(TrueColor).Value!;
        Assert.Equal(
            "unix:/home/alice/.local/share/jobcloud/run/jobcloud.sock",
            options.Connection.Server.ToString()
        );
        Assert.True(options.Connection.CanAutostart);
        Assert.False(options.ReadOnly);
        Assert.Equal("dark", options.Palette.Name);
    }

    [Fact]
    public void A_named_server_is_not_started()
    {
        foreach (
            var given in new[] { new[] { "--server", "unix:a.sock" }, ["--server=unix:a.sock"] }
        )
        {
            var options = Read(TrueColor, given).Value!;
            Assert.Equal("unix:/here/a.sock", options.Connection.Server.ToString());
            Assert.False(options.Connection.CanAutostart);
        }
        Assert.False(Read(TrueColor, "--no-autostart").Value!.Connection.CanAutostart);
    }

    [Fact]
    public void In_a_job_only_the_node_of_a_named_home_is_started()
    {
        var environment = new Dictionary<string, string>(TrueColor) { ["JOBCLOUD_JID"] = "7" };
        Assert.False(Read(environment).Value!.Connection.CanAutostart);
        environment["JOBCLOUD_HOME"] = "/own";
        Assert.True(Read(environment).Value!.Connection.CanAutostart);
    }

    [Fact]
    public void A_remote_server_takes_a_token_file_and_a_CA_file()
    {
        var options = Read(
            TrueColor,
            "--server=https://h:1",
            "--token-file=t",
            "--ca-file",
            "c"
        ).Value!;
        var place = options.Connection;
        Assert.Equal(
            ("https://h:1", "/here/t", "/here/c", false),
            (place.Server.ToString(), place.TokenFile, place.CaFile, place.CanAutostart)
        );
        Assert.Equal("t", options.Given["JOBCLOUD_TOKEN_FILE"]);
    }

    [Theory]
    [InlineData("auto", "TERM", "linux", "16-light")]
    [InlineData("auto", "TERM", "vt220", "16-light")]
    [InlineData("auto", "TERM", "xterm-256color", "light")]
    [InlineData("256", "TERM", "xterm", "light")]
    [InlineData("auto", "TERM", "tmux-256color", "light")]
    [InlineData("auto", "TERM", "xterm-kitty", "light")]
    [InlineData("true", "TERM", "xterm-256color", "light")]
    [InlineData("auto", "NO_COLOR", "1", "none")]
    [InlineData("16", "COLORTERM", "truecolor", "16-light")]
    [InlineData("none", "COLORTERM", "truecolor", "none")]
    [InlineData("true", "TERM", "linux", "light")]
    public void The_palette_is_reduced_to_the_colours_of_the_terminal(
        string color,
        string variable,
        string value,
        string palette
    )
    {
        var environment = new Dictionary<string, string>(TrueColor) { [variable] = value };
        var options = Read(environment, "--theme", "light", "--color", color).Value!;
        Assert.Equal(palette, options.Palette.Name);
    }

    [Theory]
    [InlineData("COLORTERM", "truecolor", "Full")]
    [InlineData("COLORTERM", "24bit", "Full")]
    [InlineData("COLORTERM", "yes", "Indexed")]
    [InlineData("TMUX", "/tmp/tmux-0/default,1,0", "Full")]
    public void A_256_colour_terminal_gets_colours_by_number_unless_it_announces_more(
        string variable,
        string value,
        string depth
    )
    {
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = "/home/alice",
            ["TERM"] = "screen-256color",
            [variable] = value,
        };
        var options = Read(environment).Value!;
        Assert.Equal((depth, "dark"), ($"{options.Depth}", options.Palette.Name));
        if (options.Depth == ColorDepth.Indexed)
            Assert.Equal("16", Read(environment, "--driver", "dotnet").Value!.Palette.Name);
    }

    [Theory]
    [InlineData("0;15", "light")]
    [InlineData("0;default;7", "light")]
    [InlineData("15;0", "dark")]
    [InlineData("15;8", "dark")]
    [InlineData("default;default", "dark")]
    public void COLORFGBG_states_the_background(string colors, string palette)
    {
        var environment = new Dictionary<string, string>(TrueColor) { ["COLORFGBG"] = colors };
        var options = Read(environment).Value!;
        Assert.Equal((palette, true), (options.Palette.Name, options.FollowsGround));
        options = Read(environment, "--theme", "dark").Value!;
        Assert.Equal(("dark", false), (options.Palette.Name, options.FollowsGround));
    }

    [Theory]
    [InlineData("LANG", "C", true)]
    [InlineData("LC_ALL", "POSIX", true)]
    [InlineData("LANG", "de_DE.ISO-8859-1", true)]
    [InlineData("LANG", "C.UTF-8", false)]
    [InlineData("LC_CTYPE", "en_US.utf8", false)]
    [InlineData("TERM", "linux", true)]
    public void The_UI_uses_only_ASCII_where_nothing_else_is_shown(
        string variable,
        string value,
        bool isAscii
    )
    {
        var environment = new Dictionary<string, string>(TrueColor) { [variable] = value };
        Assert.Equal(isAscii, Read(environment).Value!.Ascii);
        Assert.False(Read(TrueColor).Value!.Ascii);
    }

    [Fact]
    public void A_dumb_terminal_is_refused_with_a_sentence()
    {
        var environment = new Dictionary<string, string>(TrueColor) { ["TERM"] = "dumb" };
        Assert.Contains("'jobcloud ls'", Read(environment).Error!.Message);
    }

    [Theory]
    [InlineData("--colour", "Unknown option --colour")]
    [InlineData("--theme", "--theme requires NAME")]
    [InlineData("--theme=pink", "dark, light")]
    [InlineData("--color=much", "auto, 16, 256, true or none")]
    [InlineData("--driver=windows", "ansi or dotnet")]
    [InlineData("--readonly=yes", "takes no value")]
    [InlineData("--server=h:1", "unix:PATH or https://HOST:PORT")]
    public void Invalid_arguments_are_rejected_with_a_message(string argument, string message) =>
        Assert.Contains(message, Read(TrueColor, argument).Error!.Message);

    [Fact]
    public void Help_names_every_option() =>
        Assert.All(
            ["--server", "--readonly", "--theme", "--color", "--ascii", "--driver", "-h, --help"],
            option => Assert.Contains(option, Arguments.Help)
        );
}
