using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The elements of a map that is submitted again.</summary>
internal sealed record MapElements(long First, long Last, IReadOnlyList<MapColumn> Columns)
{
    public long Count => Last - First + 1;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the {Count:#,0} elements of map {First}-{Last}"
        );

    /// <summary>Gives a request under construction these elements: its count is that of
    /// copies.</summary>
    public void PutInto(SubmitRequest request)
    {
        request.Columns.Add(Columns);
        var length = Columns.Count == 0 ? 1 : Columns.Max(MapColumns.Length);
        request.Count = Math.Max(1, Count / Math.Max(1, length));
    }
}
