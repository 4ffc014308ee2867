using System.Reflection;
using System.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Theme;
using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Terminal.Gui's driver with two additions: colours by number for terminals with 256, and
/// pastes that the terminal does not mark.</summary>
/// <param name="isIndexed">Whether colours are written by number.</param>
internal sealed class TerminalDriver(bool isIndexed)
    : AnsiComponentFactory(
        new BurstInput(),
        isIndexed ? new IndexedOutput() : new AnsiOutput(AppModel.FullScreen),
        null
    )
{
    /// <summary>An application that uses this driver.</summary>
    public static IApplication Start(bool isIndexed)
    {
        var app = Application.Create();
        // Terminal.Gui offers no way to choose other drivers than its own: this is the field that
        // its own tests set, by an internal constructor.
        var field =
            app.GetType()
                .GetField("_componentFactory", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new InvalidOperationException(
                "This version of Terminal.Gui has other drivers."
            );
        field.SetValue(app, new TerminalDriver(isIndexed));
        return app.Init(DriverRegistry.Names.ANSI);
    }

    private sealed class IndexedOutput() : AnsiOutput(AppModel.FullScreen)
    {
        protected override void AppendOrWriteAttribute(
            StringBuilder output,
            Attribute attribute,
            TextStyle redrawTextStyle
        )
        {
            var from = output.Length;
            base.AppendOrWriteAttribute(output, attribute, redrawTextStyle);
            IndexedColors.Replace(output, from);
        }
    }

    private sealed class BurstInput : AnsiInput
    {
        private readonly Bursts _bursts = new();

        public override IEnumerable<char> Read()
        {
            char[] read = [.. base.Read()];
            return _bursts.Mark(read, Environment.TickCount64);
        }
    }
}
