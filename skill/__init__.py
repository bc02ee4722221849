"""Face Guide: spoken guidance on a numb or weak face, and the order to call at a stroke sign."""
