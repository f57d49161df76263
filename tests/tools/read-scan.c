/* Reads every pixel of a scan and does nothing with it: as fast as any sweep could be.
 * usage: read-scan smearscope|openslide FILE THREADS      prints seconds */
#include <smearscope/scan.h>

#include <stdlib.h>
#include <string.h>
#ifdef SMEAR_OPENSLIDE
#include <openslide.h>
#endif

#define SIDE 512

typedef struct
{
  SmearScan *scan; /* NULL: OpenSlide reads */
#ifdef SMEAR_OPENSLIDE
  openslide_t *slide;
#endif
  gint width, height, columns, n_tiles;
  gint next;     /* atomic */
  gint n_failed; /* atomic */
} Reading;

static gpointer
work (gpointer data)
{
  Reading *reading = data;
  g_autofree guint32 *argb = g_new (guint32, SIDE * SIDE);

  for (gint i; (i = g_atomic_int_add (&reading->next, 1)) < reading->n_tiles;)
    {
      SmearRegion tile = { i % reading->columns * SIDE, i / reading->columns * SIDE, SIDE,
                           SIDE };
      tile.width = MIN (SIDE, reading->width - tile.x);
      tile.height = MIN (SIDE, reading->height - tile.y);
      if (reading->scan)
        {
          g_autoptr (SmearImage) image = smear_scan_read_region (reading->scan, 0, &tile,
                                                                 NULL);
          if (!image)
            g_atomic_int_inc (&reading->n_failed);
        }
#ifdef SMEAR_OPENSLIDE
      else
        {
          openslide_read_region (reading->slide, argb, tile.x, tile.y, 0, tile.width,
                                 tile.height);
          if (openslide_get_error (reading->slide))
            g_atomic_int_inc (&reading->n_failed);
        }
#endif
    }
  return NULL;
}

static gboolean
open_scan (Reading *reading, gboolean by_openslide, const char *path)
{
#ifdef SMEAR_OPENSLIDE
  int64_t width, height;
  if (by_openslide)
    {
      reading->slide = openslide_open (path);
      if (!reading->slide || openslide_get_error (reading->slide))
        return FALSE;
      openslide_get_level0_dimensions (reading->slide, &width, &height);
      reading->width = (gint)width;
      reading->height = (gint)height;
      return TRUE;
    }
#endif
  reading->scan = by_openslide ? NULL : smear_scan_open (path, 0, NULL);
  if (!reading->scan)
    return FALSE;
  reading->width = smear_scan_get_width (reading->scan);
  reading->height = smear_scan_get_height (reading->scan);
  return TRUE;
}

int
main (int argc, char **argv)
{
  Reading reading = { 0 };
  gint n_threads = argc > 3 ? CLAMP (atoi (argv[3]), 1, 64) : 1;
  GThread *threads[64];

  if (argc < 3 || !open_scan (&reading, strcmp (argv[1], "openslide") == 0, argv[2]))
    {
      g_printerr ("read-scan: %s\n",
                  argc < 3 ? "smearscope|openslide FILE THREADS" : "cannot be opened");
      return 2;
    }
  reading.columns = (reading.width + SIDE - 1) / SIDE;
  reading.n_tiles = reading.columns * ((reading.height + SIDE - 1) / SIDE);
  gint64 began = g_get_monotonic_time ();
  for (gint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("read", work, &reading);
  for (gint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  g_print ("%.3f\n", (g_get_monotonic_time () - began) * 1e-6);
  if (reading.scan)
    smear_scan_free (reading.scan);
#ifdef SMEAR_OPENSLIDE
  if (reading.slide)
    openslide_close (reading.slide);
#endif
  return reading.n_failed > 0;
}
