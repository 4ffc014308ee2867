using JobCloud.Client;
using JobCloud.Testing.Structure;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.Headless;

namespace JobCloud.Tui.Tests;

public sealed class FolderTests
{
    [Fact]
    public void Folders_of_the_headless_command_form_no_cycles() =>
        Folders.FormNoCycles(typeof(Application).Assembly, "JobCloud.Tui.Headless");

    [Fact]
    public void Folders_of_the_client_library_form_no_cycles() =>
        Folders.FormNoCycles(typeof(JobCloudClient).Assembly, "JobCloud.Client");

    [Fact]
    public void Folders_of_the_full_screen_UI_form_no_cycles() =>
        Folders.FormNoCycles(typeof(MainWindow).Assembly, "JobCloud.Tui.FullScreen");
}
